"""The register: which parcels serve which goals, in which Raumtyp, under which project, and who said so."""
