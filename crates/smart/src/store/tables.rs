//! The tables of `schema/smart.sql`.

diesel::table! {
    sm_key (kid) {
        kid -> Text,
        algorithm -> Text,
        sealed -> Text,
        created -> BigInt,
        retired -> Nullable<BigInt>,
    }
}

diesel::table! {
    sm_client (id) {
        id -> Text,
        registration -> Text,
        created -> BigInt,
    }
}

diesel::table! {
    sm_grant (id) {
        id -> Text,
        client -> Text,
        subject -> Nullable<Text>,
        person -> Nullable<Text>,
        role -> Nullable<Text>,
        reach -> Text,
        scopes -> Text,
        context -> Text,
        session -> Nullable<Text>,
        created -> BigInt,
        ended -> Nullable<BigInt>,
    }
}

diesel::table! {
    sm_code (hash) {
        hash -> Text,
        grant_id -> Text,
        redirect_uri -> Text,
        challenge -> Nullable<Text>,
        nonce -> Nullable<Text>,
        expires -> BigInt,
        used -> Nullable<BigInt>,
    }
}

diesel::table! {
    sm_token (hash) {
        hash -> Text,
        kind -> Text,
        grant_id -> Text,
        scopes -> Text,
        issued -> BigInt,
        expires -> BigInt,
        spent -> Nullable<BigInt>,
    }
}

diesel::table! {
    sm_assertion (client, jti) {
        client -> Text,
        jti -> Text,
        expires -> BigInt,
    }
}

diesel::table! {
    sm_pending (hash) {
        hash -> Text,
        kind -> Text,
        body -> Text,
        expires -> BigInt,
    }
}

diesel::table! {
    sm_audit (first_seq) {
        first_seq -> BigInt,
        last_seq -> BigInt,
        earliest -> BigInt,
        latest -> BigInt,
        records -> Text,
    }
}

diesel::table! {
    sm_audit_run (last_seq) {
        last_seq -> BigInt,
    }
}

diesel::table! {
    sm_audit_mark (run, mark, first_seq) {
        run -> BigInt,
        mark -> BigInt,
        first_seq -> BigInt,
    }
}

diesel::joinable!(sm_token -> sm_grant (grant_id));
diesel::joinable!(sm_code -> sm_grant (grant_id));
diesel::allow_tables_to_appear_in_same_query!(sm_token, sm_grant, sm_code);
