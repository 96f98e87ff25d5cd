"""From emission to forcing and temperature."""
