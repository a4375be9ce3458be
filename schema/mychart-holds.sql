-- MyChart: rows that other rows keep from being served. Runs after every load, for SQLite and PostgreSQL alike; says the same when it runs
-- again, and writes only rows that change.

-- A completed contact without an appointment is a visit when it has hospital or disposition data, or a note and a reason.
update pat_enc set cg_hold = case when cg_hold is null then 'withheld:not a visit' end
where cg_visit = 'maybe' and (cg_hold is null) <> (
  exists (select 1 from pat_enc_hsp as h where h.key = pat_enc.key)
  or exists (select 1 from pat_enc_disp as d where d.key = pat_enc.key)
  or (exists (select 1 from hno_info as n where n.pat_enc_csn_id = pat_enc.pat_enc_csn_id)
    and exists (select 1 from pat_enc_rsn_visit as r where r.pat_enc_csn_id = pat_enc.pat_enc_csn_id)));

-- The patient of a diagnosis is that of its contact, visit or not.
update pat_enc_dx set cg_hold = case when cg_hold is null then 'rejected:no patient' end
where (cg_hold is null) <> (exists (
  select 1 from pat_enc as e where e.pat_enc_csn_id = pat_enc_dx.pat_enc_csn_id and e.pat_id is not null));

-- The patient of a problem is that whose list it is on.
update problem_list set cg_hold = n.hold
from (
  select p.key,
    case when min(o.pat_id) is null then 'rejected:no patient' when min(o.pat_id) <> max(o.pat_id) then 'rejected:two patients' end as hold
  from problem_list as p left join pat_problem_list as o on o.problem_list_id = p.problem_list_id
  group by p.key
) as n
where n.key = problem_list.key and (problem_list.cg_hold is null or problem_list.cg_hold <> 'withheld:deleted')
  and problem_list.cg_hold is distinct from n.hold;

-- The surgical history is filed again at every review: of the same surgery of a patient the latest contact's rows are served.
update surgical_hx set cg_pat_id = n.pat_id, cg_filed = n.cg_filed
from (
  select s.key, e.pat_id, e.cg_filed
  from surgical_hx as s join pat_enc as e on e.pat_enc_csn_id = s.pat_enc_csn_id
) as n
where n.key = surgical_hx.key
  and (surgical_hx.cg_pat_id is distinct from n.pat_id or surgical_hx.cg_filed is distinct from n.cg_filed);
update surgical_hx set cg_hold = n.hold
from (
  select s.key,
    case
      when s.cg_pat_id is null then 'rejected:no patient'
      when s.cg_same is not null and s.cg_filed < max(s.cg_filed) over (partition by s.cg_pat_id, s.cg_same)
        then 'withheld:filed again at a later review'
    end as hold
  from surgical_hx as s
) as n
where n.key = surgical_hx.key and surgical_hx.cg_hold is distinct from n.hold;

-- What becomes of a case's procedures the case's log tells.
update or_log_all_proc set cg_hold = n.hold
from (
  select p.key,
    case
      when l.cg_status = 'entered-in-error' then 'withheld:deleted'
      when l.pat_id is null then 'rejected:no patient'
      when l.cg_status = 'preparation' then 'withheld:ordered, not performed'
    end as hold
  from or_log_all_proc as p left join or_log as l on l.log_id = p.log_id
) as n
where n.key = or_log_all_proc.key and or_log_all_proc.cg_hold is distinct from n.hold;

-- Analysers, rooms and pools are provider records too: people are those that a column for people refers to.
update clarity_ser set cg_hold = case when cg_hold is null then 'withheld:not known to be a person' end
where (cg_hold is null) <> coalesce(prov_id in (
  select cur_pcp_prov_id from patient where cur_pcp_prov_id is not null
  union select visit_prov_id from pat_enc where visit_prov_id is not null
  union select pcp_prov_id from pat_enc where pcp_prov_id is not null
  union select billing_prov_id from order_proc where billing_prov_id is not null
  union select authrzing_prov_id from order_proc where authrzing_prov_id is not null
  union select primary_phys_id from or_log where primary_phys_id is not null), false);
update clarity_emp set cg_hold = case when cg_hold is null then 'withheld:not known to be a person' end
where (cg_hold is null) <> coalesce(user_id in (
  select entry_user_id from problem_list where entry_user_id is not null), false);
