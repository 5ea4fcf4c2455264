-- Nodes that no register knows
--
-- Managed nodes, terminated ones aside, for which no source states Custom:Asset. What Systems Manager says of its own nodes is no register.
-- To ask about one register alone, put its name into the first condition: source = 'servicenow'.
WITH
  registered AS (
    SELECT accountid, region, resourceid
    FROM custom_asset
    WHERE coalesce(source, '') NOT IN ('ssm-data-sync', 'ssm-inventory', 'ssm-managed-instances')
  )
SELECT
  n.accountid,
  n.region,
  n.resourceid AS node,
  n.computername AS name,
  n.ipaddress,
  n.platformtype,
  n.platformname,
  n.instancestatus AS status
FROM aws_instanceinformation AS n
LEFT JOIN registered AS r
  ON r.accountid = n.accountid AND r.region = n.region AND r.resourceid = n.resourceid
WHERE r.resourceid IS NULL
  AND coalesce(n.instancestatus, '') <> 'Terminated'
ORDER BY n.accountid, n.region, node
