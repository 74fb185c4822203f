"""Choosing the register: the menu, what the project and the user's settings remember."""
