"""Tells benign from malignant tumours by measurements of their cells."""
