"""Papers as people hold them: slips as HTML and PDF. The only importer of WeasyPrint and segno."""
