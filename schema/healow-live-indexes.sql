-- Healthsoft / healow, live: indexes recommended to the owner of the database (docs/healow.md, "Live"). Chartgate never makes
-- them. Without them every page reads whole tables.
--
-- Ids and references are compared as texts, as FHIR's ids are, and 0 is no reference: the vendor's own indexes of numbers do
-- not serve. Written for ids in integer columns, with the vendor's names, for PostgreSQL. On SQLite leave every `COLLATE "C"`
-- away, and write NULLIF(…, '0') for substring(…, '[^0].*').

CREATE INDEX chartgate_users ON users ((CAST("UID" AS text) COLLATE "C"));
CREATE INDEX chartgate_patients ON patients ((CAST("pid" AS text) COLLATE "C"));
CREATE INDEX chartgate_doctors ON doctors ((CAST("doctorID" AS text) COLLATE "C"));
CREATE INDEX chartgate_enc ON enc ((substring(CAST("encounterID" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_enc_patient ON enc ((substring(CAST("patientID" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_diagnosis ON diagnosis ((CAST("SlNo" AS text) COLLATE "C"));
CREATE INDEX chartgate_diagnosis_enc ON diagnosis ((substring(CAST("encounterid" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_problemlist ON problemlist ((CAST("SlNo" AS text) COLLATE "C"));
CREATE INDEX chartgate_problemlist_patient ON problemlist ((substring(CAST("patientid" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_billingdata ON billingdata ((CAST("id" AS text) COLLATE "C"));
CREATE INDEX chartgate_billingdata_enc ON billingdata ((substring(CAST("Encounterid" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_labdata ON labdata ((CAST("Reportid" AS text) COLLATE "C"));
CREATE INDEX chartgate_labdata_enc ON labdata
    ((COALESCE(substring(CAST("ordencounterid" AS text) COLLATE "C", '[^0].*'), substring(CAST("Encounterid" AS text) COLLATE "C", '[^0].*'))));
CREATE INDEX chartgate_surgicalhistory_enc ON surgicalhistory ((substring(CAST("encounterid" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_items ON items ((substring(CAST("itemID" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_itemdetail ON itemdetail ((substring(CAST("itemID" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_edi_icdcodes ON edi_icdcodes ((substring(CAST("ItemId" AS text) COLLATE "C", '[^0].*')));
CREATE INDEX chartgate_edi_facilities ON edi_facilities ((CAST("Id" AS text) COLLATE "C"));
