"""Drawing: texts and values → the area map (folium), charts (plotly), cards (HTML). It renders and decides nothing."""
