using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Microcosm.Cli.Tests;

/// <summary>The real program, as it was built, run to its end.</summary>
/// <param name="ExitCode">See the README's table.</param>
/// <param name="Text">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record Cosm(int ExitCode, string Text, string Errors)
{
    /// <summary>Standard output as JSON. Throws where it is none.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>How to start it, with all output redirected.</summary>
    public static ProcessStartInfo Command(params IEnumerable<string> arguments) => ProgramRun.Cosm(arguments);

    public static Task<Cosm> RunAsync(params IEnumerable<string> arguments) => RunAsync(Command(arguments));

    /// <param name="command">With all output redirected.</param>
    public static async Task<Cosm> RunAsync(ProcessStartInfo command)
    {
        var run = await ProgramRun.RunAsync(command);
        return new(run.ExitCode, run.Text, run.Errors);
    }
}
