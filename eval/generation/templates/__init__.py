"""The families of templates: each proposes questions of one kind from the sentences' own words."""
