"""How firm a colour is, whether the map was right, and where nobody looked."""
