using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microcosm.Cli;

/// <summary>What the user sees: results on standard output, errors and progress on standard error.</summary>
internal static class Output
{
    // Scripts read these bytes, not browsers: quotes and plus signs need no escapes.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>text or json.</summary>
    public static readonly Option<string> Format = CreateFormat();

    /// <summary>True where the command line asks for JSON.</summary>
    public static bool IsJson(ParseResult parsed) => parsed.GetValue(Format) == "json";

    /// <summary>Prints an error on one line and gives the exit code back.</summary>
    public static int Fail(int code, string message)
    {
        Console.Error.WriteLine("cosm: " + message.TrimEnd().ReplaceLineEndings(" "));
        return code;
    }

    /// <summary>Prints one JSON value on a line.</summary>
    public static void Json(JsonNode value) => Console.WriteLine(JsonText(value));

    /// <summary>A JSON value on one line, with no escapes that JSON does not ask for.</summary>
    public static string JsonText(JsonNode value) => value.ToJsonString(Plain);

    private static Option<string> CreateFormat()
    {
        var format = new Option<string>("--output")
        {
            Description = "text or json.",
            DefaultValueFactory = _ => "text",
            HelpName = "FORMAT",
            Recursive = true,
        };
        return format.AcceptOnlyFromAmong("text", "json");
    }
}
