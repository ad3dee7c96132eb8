"""Pure readers and writers of foreign formats; values in, values out."""
