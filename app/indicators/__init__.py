"""Indicators: measured quantities of areas, such as deprivation scores, prevalences and shares."""
