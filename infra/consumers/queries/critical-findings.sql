-- Critical findings older than 30 days, by node
--
-- Nodes with critical vulnerabilities or security findings that were first seen more than 30 days ago. A finding without such a date has no age:
-- it is counted as undated where the node has an old one, and else not shown. Security findings count unless their source calls them resolved,
-- closed, archived, suppressed, rejected or dismissed.
WITH
  critical AS (
    SELECT accountid, region, resourceid, source, id, NULLIF(firstseen, '') AS firstseen
    FROM custom_vulnerability
    WHERE severity = 'CRITICAL'
    UNION ALL
    SELECT accountid, region, resourceid, source, id, NULLIF(firstseen, '')
    FROM custom_securityfinding
    WHERE severity = 'CRITICAL'
      AND lower(coalesce(status, '')) NOT IN ('resolved', 'closed', 'archived', 'suppressed', 'rejected', 'dismissed')
  ),
  -- A type's dates are UTC to the second, so they are ordered as strings are.
  dated AS (
    SELECT *, firstseen < date_format(current_timestamp - INTERVAL '30' DAY, '%Y-%m-%dT%H:%i:%sZ') AS old
    FROM critical
  )
SELECT
  d.accountid,
  d.region,
  d.resourceid AS node,
  max(n.computername) AS name,
  count_if(d.old) AS findings,
  count(DISTINCT CASE WHEN d.old THEN d.id END) AS ids,
  min(CASE WHEN d.old THEN d.firstseen END) AS oldest,
  count_if(d.firstseen IS NULL) AS undated
FROM dated AS d
LEFT JOIN aws_instanceinformation AS n
  ON n.accountid = d.accountid AND n.region = d.region AND n.resourceid = d.resourceid
WHERE coalesce(n.instancestatus, '') <> 'Terminated'
GROUP BY d.accountid, d.region, d.resourceid
HAVING count_if(d.old) > 0
ORDER BY oldest, d.accountid, d.region, node
