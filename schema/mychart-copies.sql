-- MyChart: what rows need of rows that they belong or refer to. Runs after every load and after references are resolved, for SQLite and
-- PostgreSQL alike; says the same when it runs again, and writes only rows that change.

-- A patient goes on in PATIENT_2, PATIENT_3 and PATIENT_4.
update patient set cg_death_tm = n.death_tm, cg_maiden = n.maiden, cg_folded_maiden = n.folded_maiden,
  cg_preferred = n.preferred, cg_folded_preferred = n.folded_preferred, cg_living = n.living, cg_birth_sex = n.birth_sex,
  cg_death_lo = n.death_lo, cg_death_hi = n.death_hi
from (
  select p.key, b.death_tm, b.cg_maiden as maiden, b.cg_folded_maiden as folded_maiden, c.preferred_name as preferred,
    c.cg_folded_preferred as folded_preferred, d.pat_living_stat_c_name as living, d.sex_asgn_at_birth_c_name as birth_sex,
    -- Midnight only fills the column.
    case when p.cg_death_day is null or coalesce(b.cg_death_clock, 0) = 0 then p.cg_death_begun
      when b.cg_death_clock >= p.cg_death_turn then p.cg_death_turned + b.cg_death_clock
      else p.cg_death_day + b.cg_death_clock end as death_lo,
    case when p.cg_death_day is null or coalesce(b.cg_death_clock, 0) = 0 then p.cg_death_over
      when b.cg_death_clock >= p.cg_death_turn then p.cg_death_turned + b.cg_death_clock + b.cg_death_width
      else p.cg_death_day + b.cg_death_clock + b.cg_death_width end as death_hi
  from patient as p
  left join patient_2 as b on b.key = p.key left join patient_3 as c on c.key = p.key left join patient_4 as d on d.key = p.key
) as n
where n.key = patient.key
  and (patient.cg_death_tm is distinct from n.death_tm or patient.cg_maiden is distinct from n.maiden
    or patient.cg_folded_maiden is distinct from n.folded_maiden or patient.cg_preferred is distinct from n.preferred
    or patient.cg_folded_preferred is distinct from n.folded_preferred or patient.cg_living is distinct from n.living
    or patient.cg_birth_sex is distinct from n.birth_sex or patient.cg_death_lo is distinct from n.death_lo
    or patient.cg_death_hi is distinct from n.death_hi);

-- A contact goes on in PAT_ENC_HSP, whose times win, and in PAT_ENC_2. An end before the beginning is none; a side that is not known is open.
update pat_enc set cg_class = n.class, cg_admsn_time = n.admsn_time, cg_disch_time = n.disch_time, cg_disch_disp = n.disch_disp, cg_disch_words = n.disch_words,
  cg_start_lo = n.lo, cg_end_hi = n.hi
from (
  select x.key, x.class, x.admsn_time, x.disch_time, x.disch_disp, x.disch_words,
    case when x.begun is not null then x.begun when x.ended is not null then '0001-01-01 00:00:00' end as lo,
    case
      when x.ended is not null and (x.begun is null or x.ended > x.begun) then x.ended
      when x.begun is not null then '9999-12-31 23:59:59'
    end as hi
  from (
    select e.key, coalesce(h.adt_pat_class_c_name, b.adt_pat_class_c_name) as class, h.hosp_admsn_time as admsn_time,
      h.hosp_disch_time as disch_time, h.disch_disp_c_name as disch_disp, h.cg_disch_words as disch_words,
      coalesce(s.at, e.cg_begun) as begun, coalesce(t.at, e.cg_ended) as ended
    from pat_enc as e
    left join pat_enc_hsp as h on h.key = e.key left join pat_enc_2 as b on b.key = e.key
    left join hospital_time as s on s.owner = h.key and s.edge = 'start' and s.zone = coalesce(e.cg_zone, '')
    left join hospital_time as t on t.owner = h.key and t.edge = 'end' and t.zone = coalesce(e.cg_zone, '')
  ) as x
) as n
where n.key = pat_enc.key
  and (pat_enc.cg_class is distinct from n.class or pat_enc.cg_admsn_time is distinct from n.admsn_time
    or pat_enc.cg_disch_time is distinct from n.disch_time or pat_enc.cg_disch_disp is distinct from n.disch_disp
    or pat_enc.cg_disch_words is distinct from n.disch_words
    or pat_enc.cg_start_lo is distinct from n.lo or pat_enc.cg_end_hi is distinct from n.hi);

-- A problem has its patient in PAT_PROBLEM_LIST and its first entry in PROBLEM_LIST_HX.
update problem_list set cg_pat_id = n.pat_id, cg_patient = n.patient, cg_recorded = n.recorded,
  cg_recorded_lo = n.recorded_lo, cg_recorded_hi = n.recorded_hi
from (
  select p.key, o.pat_id, o.patient, h.hx_date_of_entry as recorded, h.cg_recorded_lo as recorded_lo, h.cg_recorded_hi as recorded_hi
  from problem_list as p
  left join (
    select problem_list_id, min(pat_id) as pat_id, min(cg_patient) as patient from pat_problem_list group by problem_list_id
  ) as o on o.problem_list_id = p.problem_list_id
  left join problem_list_hx as h on h.problem_list_id = p.problem_list_id and h.line = '1'
) as n
where n.key = problem_list.key
  and (problem_list.cg_pat_id is distinct from n.pat_id or problem_list.cg_patient is distinct from n.patient
    or problem_list.cg_recorded is distinct from n.recorded or problem_list.cg_recorded_lo is distinct from n.recorded_lo
    or problem_list.cg_recorded_hi is distinct from n.recorded_hi);

-- A visit's diagnosis has the patient of the contact, and status and onset of the problem that it is linked to.
update pat_enc_dx set cg_pat_id = n.pat_id, cg_patient = n.patient, cg_clinical = n.clinical, cg_noted = n.noted,
  cg_noted_end = n.noted_end, cg_onset_lo = n.onset_lo, cg_onset_hi = n.onset_hi
from (
  select d.key, e.pat_id, e.cg_patient as patient, p.cg_clinical as clinical, p.noted_date as noted, p.noted_end_date as noted_end,
    p.cg_onset_lo as onset_lo, p.cg_onset_hi as onset_hi
  from pat_enc_dx as d
  join pat_enc as e on e.pat_enc_csn_id = d.pat_enc_csn_id
  left join problem_list as p on p.problem_list_id = d.dx_link_prob_id and p.cg_hold is null and p.cg_pat_id = e.pat_id
) as n
where n.key = pat_enc_dx.key
  and (pat_enc_dx.cg_pat_id is distinct from n.pat_id or pat_enc_dx.cg_patient is distinct from n.patient
    or pat_enc_dx.cg_clinical is distinct from n.clinical or pat_enc_dx.cg_noted is distinct from n.noted
    or pat_enc_dx.cg_noted_end is distinct from n.noted_end or pat_enc_dx.cg_onset_lo is distinct from n.onset_lo
    or pat_enc_dx.cg_onset_hi is distinct from n.onset_hi);

-- A surgery of the history has the patient of the contact at which it was filed.
update surgical_hx set cg_patient = n.patient
from (
  select s.key, e.cg_patient as patient from surgical_hx as s join pat_enc as e on e.pat_enc_csn_id = s.pat_enc_csn_id
) as n
where n.key = surgical_hx.key and surgical_hx.cg_patient is distinct from n.patient;

-- A procedure of a case has patient, day, surgeon and outcome of the case.
update or_log_all_proc set cg_status = n.status, cg_pat_id = n.pat_id, cg_patient = n.patient, cg_not_performed = n.not_performed,
  cg_surgery_date = n.surgery_date, cg_physician = n.physician, cg_provider = n.provider,
  cg_performed_lo = n.performed_lo, cg_performed_hi = n.performed_hi
from (
  select p.key, l.cg_status as status, l.pat_id, l.cg_patient as patient, l.proc_not_perf_c_name as not_performed, l.surgery_date,
    l.primary_phys_id as physician, l.cg_provider as provider, l.cg_performed_lo as performed_lo, l.cg_performed_hi as performed_hi
  from or_log_all_proc as p join or_log as l on l.log_id = p.log_id
) as n
where n.key = or_log_all_proc.key
  and (or_log_all_proc.cg_status is distinct from n.status or or_log_all_proc.cg_pat_id is distinct from n.pat_id
    or or_log_all_proc.cg_patient is distinct from n.patient or or_log_all_proc.cg_not_performed is distinct from n.not_performed
    or or_log_all_proc.cg_surgery_date is distinct from n.surgery_date or or_log_all_proc.cg_physician is distinct from n.physician
    or or_log_all_proc.cg_provider is distinct from n.provider or or_log_all_proc.cg_performed_lo is distinct from n.performed_lo
    or or_log_all_proc.cg_performed_hi is distinct from n.performed_hi);

-- A department goes on in CLARITY_DEP_4.
update clarity_dep set cg_dep_type = n.dep_type
from (
  select d.key, f.dep_type_c_name as dep_type from clarity_dep as d join clarity_dep_4 as f on f.key = d.key
) as n
where n.key = clarity_dep.key and clarity_dep.cg_dep_type is distinct from n.dep_type;

-- One line of a diagnosis is a coding; several say together what is meant, and none of them by itself.
update mapped_code set coding = n.coding
from (
  select m.owner, case when m.system <> '' and count(*) over (partition by m.dx_id, m.series) = 1 then m.code end as coding
  from mapped_code as m where m.series is not null
) as n
where n.owner = mapped_code.owner and mapped_code.series is not null and mapped_code.coding is distinct from n.coding;
