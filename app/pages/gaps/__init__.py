"""The page that asks where something falls short: question, answer, map, table, reasons."""
