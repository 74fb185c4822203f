"""The page on which selected parcels are given goals, a Raumtyp, a project."""
