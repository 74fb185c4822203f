"""Maps of results: which style a layer carries, and the sheet with map, legend, scale and source."""
