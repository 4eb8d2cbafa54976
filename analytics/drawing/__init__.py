"""Drawing: an Assessment → the area map (folium), charts (plotly), cards (HTML). Nothing is computed here."""
