"""Seeded generator of the sample region Musterstadt (EPSG:25832).

Run ``/usr/bin/python3 -m sample`` in ``tests``; it needs GDAL with
GEOS and numpy. The committed files are the town of GEOS 3.11: a newer one makes buffers otherwise, so that
some lots and the houses on them come out otherwise too.

A new layer is one module with a function ``town -> rows`` and one entry in
:data:`sample.layers.LAYERS`; a new raster of the centre is one entry in
:data:`sample.rasters.RASTERS`.
"""
