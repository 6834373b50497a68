"""How a language writes days and hours, where Django's own way differs from the rest of the pages."""
