"""The design system, and read models over several contexts; what every surface stands on. Only reads."""
