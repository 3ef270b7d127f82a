-- User: userName eq "BJensen"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @literal='bjensen'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.unique_key = @literal

-- User: userName sw "bj"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @first='bj'
-- @behind='bk'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.unique_key IS NOT NULL AND r.unique_key >= @first AND r.unique_key < @behind

-- User: userName co "50%"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @literal_contains='%50\%%'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.unique_key IS NOT NULL AND r.unique_key LIKE @literal_contains

-- User: userName ew "n"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @length='1'
-- @literal='n'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.unique_key IS NOT NULL AND length(r.unique_key)::int >= @length AND substring(r.unique_key, (length(r.unique_key)::int - @length) + 1) = @literal

-- User: not (displayName gt "b")
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @literal='b'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND (r.display_name_key IS NULL OR r.display_name_key <= @literal)

-- User: externalId eq "X" and active ne true
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @literal='X'
-- @literal2='True' (Nullable = true)
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.external_id = @literal AND (r.active <> @literal2 OR r.active IS NULL)

-- User: id eq "54d382a4-2050-4c03-94d1-e769f1d15682" and manager eq "2819c223-7f76-453a-919d-413861904646"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @id='54d382a4-2050-4c03-94d1-e769f1d15682'
-- @argument='$ ? (@."$t" == "7" && @."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"."manager"."value" == "2819c223-7f76-453a-919d-413861904646")'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.id = @id AND scim_matches(r.search, @argument)

-- User: id sw "54d3"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @first='54d30000-0000-0000-0000-000000000000'
-- @first2='54d40000-0000-0000-0000-000000000000'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.id >= @first AND r.id < @first2

-- User: meta.lastModified ge "2011-05-13T04:42:34Z" and meta.resourceType eq "User"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @time='2011-05-13T04:42:34.0000000+00:00' (DbType = DateTime)
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.last_modified >= @time

-- User: meta.version eq "W/\"3\""
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @version='3'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.version = @version

-- User: title eq "x" and userName sw "b" and emails[type eq "work" and not (value ew ".org")]
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @first='b'
-- @behind='c'
-- @argument='$ ? (@."$t" == "7" && @."title" == "x" && exists(@."emails"[*] ? (@."type" == "work" && !(exists(@."value" ? (@ like_regex "\\.org$"))))))'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND r.unique_key IS NOT NULL AND r.unique_key >= @first AND r.unique_key < @behind AND scim_matches(r.search, @argument)

-- User: title pr or userName eq "b" or nickName ne "c"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @argument='$ ? (@."$t" == "7" && (exists(@."title") || @."userName" == "b" || (!exists(@."nickName") || @."nickName" != "c")))'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND scim_matches(r.search, @argument)

-- User: manager.displayName eq "Ann" and title pr
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @types={ 'User' } (DbType = Object)
-- @text='ann'
-- @argument='$ ? (@."$t" == "7" && exists(@."title"))'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND EXISTS (
    SELECT 1
    FROM resources AS r0
    WHERE r0.tenant_id = @ef_filter__TenantId AND r0.id = r.reference_id AND r0.type = ANY (@types) AND (r0.display_name_key = @text OR (r0.display_name_key IS NULL AND r0.unique_key = @text))) AND scim_matches(r.search, @argument)

-- User: not (manager[displayName co "a" and value pr])
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @types={ 'User' } (DbType = Object)
-- @literal_contains='%a%'
-- @argument='$ ? (@."$t" == "7" && exists(@."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"."manager") && exists(@."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"."manager"."value"))'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND (NOT EXISTS (
    SELECT 1
    FROM resources AS r0
    WHERE r0.tenant_id = @ef_filter__TenantId AND r0.id = r.reference_id AND r0.type = ANY (@types) AND (r0.display_name_key IS NOT NULL OR r0.unique_key IS NOT NULL) AND COALESCE(r0.display_name_key, r0.unique_key) LIKE @literal_contains) OR NOT (scim_matches(r.search, @argument)))

-- User: manager.$ref ne "https://scim.example/Users/2819c223-7f76-453a-919d-413861904646"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- @id='2819c223-7f76-453a-919d-413861904646' (Nullable = true)
-- @types={ 'User' } (DbType = Object)
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND (r.reference_id <> @id OR r.reference_id IS NULL OR NOT EXISTS (
    SELECT 1
    FROM resources AS r0
    WHERE r0.tenant_id = @ef_filter__TenantId AND r0.id = r.reference_id AND r0.type = ANY (@types)))

-- User: groups eq "2819c223-7f76-453a-919d-413861904646"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- p0='2819c223-7f76-453a-919d-413861904646'
-- p1='7'
-- p2='7'
-- p3='2819c223-7f76-453a-919d-413861904646'
-- p4='7'
-- @id='2819c223-7f76-453a-919d-413861904646'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND EXISTS (
    SELECT 1
    FROM (
        WITH RECURSIVE inside (group_id) AS (
            SELECT @p0
            UNION
            SELECT inner_group.member_id FROM inside
            JOIN memberships AS inner_group ON inner_group.tenant_id = @p1 AND inner_group.group_id = inside.group_id
            WHERE EXISTS (SELECT 1 FROM memberships AS its WHERE its.tenant_id = @p2 AND its.group_id = inner_group.member_id))
        SELECT memberships.tenant_id, @p3 AS group_id, memberships.member_id FROM memberships
        WHERE memberships.tenant_id = @p4 AND memberships.group_id IN (SELECT inside.group_id FROM inside)
    ) AS s
    WHERE s.tenant_id = @ef_filter__TenantId AND s.member_id = r.id AND s.group_id = @id)

-- User: groups.display co "admin"
-- @ef_filter__TenantId='7'
-- @type_Name='User'
-- p0='7'
-- p1='7'
-- p2='7'
-- p3='7'
-- @literal_contains='%admin%'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND EXISTS (
    SELECT 1
    FROM (
        WITH RECURSIVE inside (outer_id, group_id) AS (
            SELECT tops.group_id, tops.group_id FROM memberships AS tops WHERE tops.tenant_id = @p0
            UNION
            SELECT inside.outer_id, inner_group.member_id FROM inside
            JOIN memberships AS inner_group ON inner_group.tenant_id = @p1 AND inner_group.group_id = inside.group_id
            WHERE EXISTS (SELECT 1 FROM memberships AS its WHERE its.tenant_id = @p2 AND its.group_id = inner_group.member_id))
        SELECT memberships.tenant_id, inside.outer_id AS group_id, memberships.member_id FROM inside
        JOIN memberships ON memberships.tenant_id = @p3 AND memberships.group_id = inside.group_id
    ) AS s
    WHERE s.tenant_id = @ef_filter__TenantId AND s.member_id = r.id AND EXISTS (
        SELECT 1
        FROM resources AS r0
        WHERE r0.tenant_id = @ef_filter__TenantId AND r0.id = s.group_id AND (r0.display_name_key IS NOT NULL OR r0.unique_key IS NOT NULL) AND COALESCE(r0.display_name_key, r0.unique_key) LIKE @literal_contains))

-- Group: members eq "2819c223-7f76-453a-919d-413861904646"
-- @ef_filter__TenantId='7'
-- @type_Name='Group'
-- @id='2819c223-7f76-453a-919d-413861904646'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND EXISTS (
    SELECT 1
    FROM memberships AS m
    WHERE m.tenant_id = @ef_filter__TenantId AND m.group_id = r.id AND m.member_id = @id)

-- Group: not (members pr)
-- @ef_filter__TenantId='7'
-- @type_Name='Group'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND NOT EXISTS (
    SELECT 1
    FROM memberships AS m
    WHERE m.tenant_id = @ef_filter__TenantId AND m.group_id = r.id)

-- Group: members[type eq "User" and display sw "a"]
-- @ef_filter__TenantId='7'
-- @type_Name='Group'
-- @names={ 'User' } (DbType = Object)
-- @first='a'
-- @behind='b'
SELECT r.id
FROM resources AS r
WHERE r.tenant_id = @ef_filter__TenantId AND r.type = @type_Name AND EXISTS (
    SELECT 1
    FROM memberships AS m
    WHERE m.tenant_id = @ef_filter__TenantId AND m.group_id = r.id AND EXISTS (
        SELECT 1
        FROM resources AS r0
        WHERE r0.tenant_id = @ef_filter__TenantId AND r0.id = m.member_id AND r0.type = ANY (@names)) AND EXISTS (
        SELECT 1
        FROM resources AS r1
        WHERE r1.tenant_id = @ef_filter__TenantId AND r1.id = m.member_id AND (r1.display_name_key IS NOT NULL OR r1.unique_key IS NOT NULL) AND COALESCE(r1.display_name_key, r1.unique_key) >= @first AND COALESCE(r1.display_name_key, r1.unique_key) < @behind))

