using System.Text.Json.Nodes;
using Spectre.Console;

namespace Microcosm.Cli;

/// <summary>Answers of the control API as people read them.</summary>
internal static class Tables
{
    public static void Nodes(JsonNode world)
    {
        Console.WriteLine($"seed {world["seed"]}, now {world["now"]}, time runs {world["scale"]} times as fast");
        Print(["node", "state", "endpoint", "restarts", ""], world["nodes"]!.AsArray(), n =>
            [Text(n, "name"), Text(n, "state"), Text(n, "endpoint"), Text(n, "restarts"), Text(n, "failure")]);
    }

    public static void Environment(JsonNode endpoints)
    {
        foreach (var (name, system) in endpoints.AsObject())
        {
            Console.WriteLine($"export {name.ToUpperInvariant()}_CONNECTION='{system!["connection"]}'");
            Console.WriteLine($"export {name.ToUpperInvariant()}_ENDPOINTS='{string.Join(',', system["endpoints"]!.AsArray())}'");
        }
    }

    public static void Logs(JsonNode lines)
    {
        foreach (var line in lines.AsArray())
            Console.WriteLine($"{line!["at"]} {line["node"]} {line["severity"]} {line["message"]}");
    }

    public static void Unserved(JsonNode operations)
    {
        if (operations.AsArray().Count == 0)
            Console.WriteLine("nobody asked for anything that is not there");
        else
            Print(["operation", "asked"], operations.AsArray(), o => [Text(o, "operation"), Text(o, "asked")]);
    }

    public static void Faults(JsonNode faults)
    {
        Print(["id", "rule", "matched", "fired"], faults["rules"]!.AsArray(), r =>
            [Text(r, "id"), Text(r, "rule"), Text(r, "matched"), Text(r, "fired")]);
        foreach (var fired in faults["fired"]!.AsArray())
            Console.WriteLine($"{fired!["at"]} rule {fired["rule"]}: {fired["operation"]} number {fired["ordinal"]} on "
                + $"{fired["node"]}, connection {fired["connection"]}");
    }

    public static void Clock(JsonNode clock) => Console.WriteLine($"now {clock["now"]}, time runs {clock["scale"]} times as fast");

    /// <summary>Numbers and words by name, lists of records as tables, of what has something to show.</summary>
    public static void Inside(JsonNode inside) => Inside(inside, "");

    private static void Inside(JsonNode inside, string prefix)
    {
        foreach (var (name, value) in inside.AsObject())
        {
            switch (value)
            {
                case JsonObject inner:
                    Inside(inner, $"{prefix}{name}.");
                    break;
                case JsonArray { Count: > 0 } rows when rows[0] is JsonObject first:
                    Console.WriteLine($"{prefix}{name}:");
                    var columns = first.Select(c => c.Key).ToArray();
                    Print(columns, rows, r => [.. columns.Select(c => Plain(r[c]))]);
                    break;
                default:
                    Console.WriteLine($"{prefix + name,-22} {Plain(value)}".TrimEnd());
                    break;
            }
        }
    }

    private static string Plain(JsonNode? value) => value is JsonArray list ? string.Join(' ', list) : value?.ToString() ?? "";

    private static string Text(JsonNode node, string name) => node[name]?.ToString() ?? "";

    private static void Print(string[] columns, JsonArray rows, Func<JsonNode, string[]> cells)
    {
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in columns)
            table.AddColumn(column);
        foreach (var row in rows)
            table.AddRow([.. cells(row!).Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }
}
