import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.spi.type.TimeZoneKey;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.TestingSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Trino in this process: reads {"statements": [SQL], "queries": {name: SQL}}, and writes {name: rows}. Time is UTC, as Athena's is. */
public class Trino {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode input = json.readTree(System.in);
        var session = TestingSession.testSessionBuilder().setCatalog("memory").setSchema("default").setTimeZoneKey(TimeZoneKey.UTC_KEY).build();
        Map<String, List<List<Object>>> answers = new TreeMap<>();
        try (var trino = LocalQueryRunner.create(session)) {
            trino.installPlugin(new MemoryPlugin());
            trino.createCatalog("memory", "memory", Map.of());
            for (JsonNode statement : input.get("statements")) {
                trino.execute(statement.asText());
            }
            for (var query : (Iterable<Map.Entry<String, JsonNode>>) input.get("queries")::fields) {
                List<List<Object>> rows = new ArrayList<>();
                trino.execute(query.getValue().asText()).getMaterializedRows().forEach(row -> rows.add(row.getFields()));
                answers.put(query.getKey(), rows);
            }
        }
        System.out.println(json.writeValueAsString(answers));
        System.exit(0);
    }
}
