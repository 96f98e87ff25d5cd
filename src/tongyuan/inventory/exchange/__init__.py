"""An inventory in the forms that other systems read: IAMC, CRF, NFR, cities' GPC."""
