#pragma warning disable RS0030 // a process starts itself once more
using System.Diagnostics;

namespace Microcosm.Nginx;

/// <summary>
/// Going to the background (<c>daemon on</c>): the program starts itself once more in a session of its own and waits until that one
/// serves, or cannot, so that its exit code and the terminal still tell. A runtime with threads cannot fork.
/// </summary>
internal static class Background
{
    private const string Marker = "MICROCOSM_NGINX_BACKGROUND";
    private const int ReadWrite = 2;
    private const int Failure = 1;

    /// <summary>This process is the one in the background.</summary>
    public static bool IsEntered { get; } = Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>Starts the other process; gives the exit code for this one.</summary>
    public static int Start()
    {
        var info = OwnProgram.Again();
        info.RedirectStandardOutput = true;
        info.Environment[Marker] = "1";
        using var process = Process.Start(info);
        if (process is null)
            return Failure;
        // A byte: it serves. The end without one: it has said why, and ends.
        if (process.StandardOutput.BaseStream.ReadByte() >= 0)
            return 0;
        process.WaitForExit();
        return process.ExitCode == 0 ? Failure : process.ExitCode;
    }

    /// <summary>Leaves the session of the terminal.</summary>
    public static void Enter()
    {
        _ = ProcessCalls.BeginSession();
        Environment.SetEnvironmentVariable(Marker, null);
    }

    /// <summary>It serves: tells who waits, and gives the terminal up.</summary>
    public static void Tell()
    {
        using (var output = Console.OpenStandardOutput())
            output.WriteByte((byte)'\n');
        var nothing = ProcessCalls.Open("/dev/null", ReadWrite);
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            _ = ProcessCalls.Duplicate(nothing, descriptor);
        if (nothing > 2)
            _ = ProcessCalls.Close(nothing);
    }
}
