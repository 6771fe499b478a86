"""Word documents, presentations and workbooks, as Office and LibreOffice write them."""
