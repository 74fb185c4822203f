"""The page that lists what in the register contradicts itself, and mends it."""
