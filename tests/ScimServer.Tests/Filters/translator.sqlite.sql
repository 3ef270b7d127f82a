-- User: userName eq "BJensen"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @literal 'bjensen'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."unique_key" = @literal

-- User: userName sw "bj"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @first 'bj'
.param set @behind 'bk'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."unique_key" IS NOT NULL AND "r"."unique_key" >= @first AND "r"."unique_key" < @behind

-- User: userName co "50%"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @literal '50%'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."unique_key" IS NOT NULL AND instr("r"."unique_key", @literal) > 0

-- User: userName ew "n"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @length 1
.param set @literal 'n'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."unique_key" IS NOT NULL AND length("r"."unique_key") >= @length AND substr("r"."unique_key", (length("r"."unique_key") - @length) + 1) = @literal

-- User: not (displayName gt "b")
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @literal 'b'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND ("r"."display_name_key" IS NULL OR "r"."display_name_key" <= @literal)

-- User: externalId eq "X" and active ne true
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @literal 'X'
.param set @literal2 1

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."external_id" = @literal AND ("r"."active" <> @literal2 OR "r"."active" IS NULL)

-- User: id eq "54d382a4-2050-4c03-94d1-e769f1d15682" and manager eq "2819c223-7f76-453a-919d-413861904646"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @id '54D382A4-2050-4C03-94D1-E769F1D15682'
.param set @argument ('User' || (CHAR(10) || 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "2819c223-7f76-453a-919d-413861904646"'))

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."id" = @id AND "scim_matches"("r"."search", @argument)

-- User: id sw "54d3"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @first '54D30000-0000-0000-0000-000000000000'
.param set @first2 '54D40000-0000-0000-0000-000000000000'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."id" >= @first AND "r"."id" < @first2

-- User: meta.lastModified ge "2011-05-13T04:42:34Z" and meta.resourceType eq "User"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @time '2011-05-13 04:42:34'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."last_modified" >= @time

-- User: meta.version eq "W/\"3\""
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @version 3

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."version" = @version

-- User: title eq "x" and userName sw "b" and emails[type eq "work" and not (value ew ".org")]
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @first 'b'
.param set @behind 'c'
.param set @argument ('User' || (CHAR(10) || 'title eq "x" and emails[type eq "work" and not (value ew ".org")]'))

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "r"."unique_key" IS NOT NULL AND "r"."unique_key" >= @first AND "r"."unique_key" < @behind AND "scim_matches"("r"."search", @argument)

-- User: title pr or userName eq "b" or nickName ne "c"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @argument ('User' || (CHAR(10) || 'title pr or userName eq "b" or nickName ne "c"'))

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND "scim_matches"("r"."search", @argument)

-- User: manager.displayName eq "Ann" and title pr
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @types1 'User'
.param set @text 'ann'
.param set @argument ('User' || (CHAR(10) || 'title pr'))

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND EXISTS (
    SELECT 1
    FROM "resources" AS "r0"
    WHERE "r0"."tenant_id" = @ef_filter__TenantId AND "r0"."id" = "r"."reference_id" AND "r0"."type" = @types1 AND ("r0"."display_name_key" = @text OR ("r0"."display_name_key" IS NULL AND "r0"."unique_key" = @text))) AND "scim_matches"("r"."search", @argument)

-- User: not (manager[displayName co "a" and value pr])
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @types1 'User'
.param set @literal 'a'
.param set @argument ('User' || (CHAR(10) || 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager pr and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value pr'))

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND (NOT EXISTS (
    SELECT 1
    FROM "resources" AS "r0"
    WHERE "r0"."tenant_id" = @ef_filter__TenantId AND "r0"."id" = "r"."reference_id" AND "r0"."type" = @types1 AND ("r0"."display_name_key" IS NOT NULL OR "r0"."unique_key" IS NOT NULL) AND instr(COALESCE("r0"."display_name_key", "r0"."unique_key"), @literal) > 0) OR NOT ("scim_matches"("r"."search", @argument)))

-- User: manager.$ref ne "https://scim.example/Users/2819c223-7f76-453a-919d-413861904646"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set @id '2819C223-7F76-453A-919D-413861904646'
.param set @types1 'User'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND ("r"."reference_id" <> @id OR "r"."reference_id" IS NULL OR NOT EXISTS (
    SELECT 1
    FROM "resources" AS "r0"
    WHERE "r0"."tenant_id" = @ef_filter__TenantId AND "r0"."id" = "r"."reference_id" AND "r0"."type" = @types1))

-- User: groups eq "2819c223-7f76-453a-919d-413861904646"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set p0 '2819C223-7F76-453A-919D-413861904646'
.param set p1 7
.param set p2 7
.param set p3 '2819C223-7F76-453A-919D-413861904646'
.param set p4 7
.param set @id '2819C223-7F76-453A-919D-413861904646'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND EXISTS (
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
    ) AS "s"
    WHERE "s"."tenant_id" = @ef_filter__TenantId AND "s"."member_id" = "r"."id" AND "s"."group_id" = @id)

-- User: groups.display co "admin"
.param set @ef_filter__TenantId 7
.param set @type_Name 'User'
.param set p0 7
.param set p1 7
.param set p2 7
.param set p3 7
.param set @literal 'admin'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND EXISTS (
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
    ) AS "s"
    WHERE "s"."tenant_id" = @ef_filter__TenantId AND "s"."member_id" = "r"."id" AND EXISTS (
        SELECT 1
        FROM "resources" AS "r0"
        WHERE "r0"."tenant_id" = @ef_filter__TenantId AND "r0"."id" = "s"."group_id" AND ("r0"."display_name_key" IS NOT NULL OR "r0"."unique_key" IS NOT NULL) AND instr(COALESCE("r0"."display_name_key", "r0"."unique_key"), @literal) > 0))

-- Group: members eq "2819c223-7f76-453a-919d-413861904646"
.param set @ef_filter__TenantId 7
.param set @type_Name 'Group'
.param set @id '2819C223-7F76-453A-919D-413861904646'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND EXISTS (
    SELECT 1
    FROM "memberships" AS "m"
    WHERE "m"."tenant_id" = @ef_filter__TenantId AND "m"."group_id" = "r"."id" AND "m"."member_id" = @id)

-- Group: not (members pr)
.param set @ef_filter__TenantId 7
.param set @type_Name 'Group'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND NOT EXISTS (
    SELECT 1
    FROM "memberships" AS "m"
    WHERE "m"."tenant_id" = @ef_filter__TenantId AND "m"."group_id" = "r"."id")

-- Group: members[type eq "User" and display sw "a"]
.param set @ef_filter__TenantId 7
.param set @type_Name 'Group'
.param set @names1 'User'
.param set @first 'a'
.param set @behind 'b'

SELECT "r"."id"
FROM "resources" AS "r"
WHERE "r"."tenant_id" = @ef_filter__TenantId AND "r"."type" = @type_Name AND EXISTS (
    SELECT 1
    FROM "memberships" AS "m"
    WHERE "m"."tenant_id" = @ef_filter__TenantId AND "m"."group_id" = "r"."id" AND EXISTS (
        SELECT 1
        FROM "resources" AS "r0"
        WHERE "r0"."tenant_id" = @ef_filter__TenantId AND "r0"."id" = "m"."member_id" AND "r0"."type" = @names1) AND EXISTS (
        SELECT 1
        FROM "resources" AS "r1"
        WHERE "r1"."tenant_id" = @ef_filter__TenantId AND "r1"."id" = "m"."member_id" AND ("r1"."display_name_key" IS NOT NULL OR "r1"."unique_key" IS NOT NULL) AND COALESCE("r1"."display_name_key", "r1"."unique_key") >= @first AND COALESCE("r1"."display_name_key", "r1"."unique_key") < @behind))

