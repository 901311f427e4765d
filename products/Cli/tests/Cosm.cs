using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Microcosm.Cli.Tests;

/// <summary>The real program, as it was built, run to its end.</summary>
/// <param name="ExitCode">See the README's table.</param>
/// <param name="Text">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record Cosm(int ExitCode, string Text, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Standard output as JSON. Throws where it is none.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>How to start it, with all output redirected.</summary>
    public static ProcessStartInfo Command(params IEnumerable<string> arguments) =>
        new(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "cosm.exe" : "cosm"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    public static Task<Cosm> RunAsync(params IEnumerable<string> arguments) => RunAsync(Command(arguments));

    /// <param name="command">With all output redirected.</param>
    /// <param name="input">For its standard input, where that is redirected.</param>
    public static async Task<Cosm> RunAsync(ProcessStartInfo command, string input = "")
    {
        using var process = Process.Start(command)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (command.RedirectStandardInput)
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }
            await process.WaitForExitAsync().WaitAsync(Patience);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
