"""One module for each format; `index.loading` has the table of them."""
