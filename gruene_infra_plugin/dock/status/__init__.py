"""The page that shows how the 27 goals stand, and opens what measures them."""
