"""Painting: a map tool that assigns while it is dragged over parcels, and takes back."""
