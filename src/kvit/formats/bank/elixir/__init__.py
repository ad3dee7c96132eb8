"""Elixir-0, the Polish banks' file of domestic transfers."""
