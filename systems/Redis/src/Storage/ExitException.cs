namespace Microcosm.Redis;

/// <summary>Where Redis logs a line and calls exit(1): the node ends at once, its replies unsent, and starts again from its disk.</summary>
internal sealed class ExitException : IOException
{
    public ExitException(string message, IOException cause)
        : base(message, cause) => HResult = cause.HResult;
}
