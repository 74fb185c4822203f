"""The page on which parcels are found again and totals are read."""
