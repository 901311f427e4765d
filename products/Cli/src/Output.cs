namespace Microcosm.Cli;

/// <summary>What the user sees.</summary>
internal static class Output
{
    /// <summary>Prints an error and gives the exit code back.</summary>
    public static int Fail(int code, string message)
    {
        Console.Error.WriteLine("cosm: " + message);
        return code;
    }
}
