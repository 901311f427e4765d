using System.Diagnostics;

namespace Microcosm.Cli;

/// <summary>A program that ran to its end.</summary>
/// <param name="ExitCode">As it left it.</param>
/// <param name="Text">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Text, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Both outputs.</summary>
    public string Printed => Text + Errors;

    /// <summary>Where a program is installed, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)).FirstOrDefault(File.Exists);

    /// <summary>How to start a program. All of its input and output is redirected: it must not take the terminal's settings, which are
    /// those of whoever reads keys.</summary>
    public static ProcessStartInfo Command(string program, params IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>How to start this very <c>cosm</c> again.</summary>
    public static ProcessStartInfo Cosm(params IEnumerable<string> arguments)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "cosm.exe" : "cosm");
        if (File.Exists(beside))
            return Command(beside, arguments);
        // As a tool of .NET the program lies elsewhere than its library, or is dotnet itself.
        var running = Environment.ProcessPath ?? throw new InvalidOperationException("the program that runs is not known");
        return Path.GetFileNameWithoutExtension(running) == "dotnet"
            ? Command(running, ["exec", Path.Combine(AppContext.BaseDirectory, "cosm.dll"), .. arguments])
            : Command(running, arguments);
    }

    /// <summary>Runs a program to its end. Throws <see cref="TimeoutException"/> after two minutes.</summary>
    /// <param name="command">With all output redirected.</param>
    /// <param name="input">For its standard input, where that is redirected.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<ProgramRun> RunAsync(ProcessStartInfo command, string input = "", CancellationToken cancellation = default)
    {
        using var process = Process.Start(command)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            if (command.RedirectStandardInput)
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }
            await process.WaitForExitAsync(cancellation).WaitAsync(Patience, cancellation);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
