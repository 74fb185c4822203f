"""The panel: pages that only show and ask, controllers that join them with the register and the map."""
