-- Software by version
--
-- How many nodes have which version of which software, by Custom:SoftwareComponent. A node counts once for a name, kind and version, however many
-- sources, places and architectures state it. Names and versions are compared as the sources write them; no version is an empty one.
WITH
  installed AS (
    SELECT DISTINCT
      s.accountid,
      s.region,
      s.resourceid,
      s.name,
      coalesce(s.type, '') AS type,
      coalesce(s.version, '') AS version
    FROM custom_softwarecomponent AS s
    LEFT JOIN aws_instanceinformation AS n
      ON n.accountid = s.accountid AND n.region = s.region AND n.resourceid = s.resourceid
    WHERE coalesce(n.instancestatus, '') <> 'Terminated'
  )
SELECT name, type, version, count(*) AS nodes
FROM installed
GROUP BY name, type, version
ORDER BY name, type, nodes DESC, version
