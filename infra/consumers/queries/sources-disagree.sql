-- Machines that three sources disagree on
--
-- Nodes of which at least three sources state a serial number, label, owner, environment or operating system, and not all the same one. Each
-- entry of Custom:Asset names the source that states it. Values are compared without case and outer spaces. Operating systems are compared by
-- family (Linux, Windows, macOS), since each source words them its own way; one whose family is not clear does not count. The column answers is
-- how many different values there are: 3 or more where no two of three sources agree.
WITH
  asset AS (
    SELECT
      accountid, region, resourceid, source, serialnumber, assettag, owner, environment,
      CASE
        WHEN regexp_like(lower(os), 'windows') THEN 'windows'
        WHEN regexp_like(lower(os), 'mac ?os|\bos x\b|darwin') THEN 'macos'
        WHEN regexp_like(lower(os), 'linux|ubuntu|debian|red hat|rhel|centos|suse|sles|fedora|rocky|alma') THEN 'linux'
      END AS family
    FROM custom_asset
  ),
  stated AS (
    SELECT accountid, region, resourceid, source, 'SerialNumber' AS attribute, lower(trim(serialnumber)) AS value FROM asset
    UNION ALL
    SELECT accountid, region, resourceid, source, 'AssetTag', lower(trim(assettag)) FROM asset
    UNION ALL
    SELECT accountid, region, resourceid, source, 'Owner', lower(trim(owner)) FROM asset
    UNION ALL
    SELECT accountid, region, resourceid, source, 'Environment', lower(trim(environment)) FROM asset
    UNION ALL
    SELECT accountid, region, resourceid, source, 'OS', family FROM asset
  )
SELECT
  s.accountid,
  s.region,
  s.resourceid AS node,
  max(n.computername) AS name,
  s.attribute,
  count(DISTINCT s.source) AS sources,
  count(DISTINCT s.value) AS answers,
  array_join(array_agg(DISTINCT s.source || ': ' || s.value ORDER BY s.source || ': ' || s.value), '; ') AS stated
FROM stated AS s
LEFT JOIN aws_instanceinformation AS n
  ON n.accountid = s.accountid AND n.region = s.region AND n.resourceid = s.resourceid
WHERE s.source <> ''
  AND s.value <> ''
  AND coalesce(n.instancestatus, '') <> 'Terminated'
GROUP BY s.accountid, s.region, s.resourceid, s.attribute
HAVING count(DISTINCT s.source) >= 3 AND count(DISTINCT s.value) >= 2
ORDER BY answers DESC, s.accountid, s.region, node, s.attribute
