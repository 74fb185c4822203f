"""Goals that results of finished analyses speak for, offered with their evidence."""
