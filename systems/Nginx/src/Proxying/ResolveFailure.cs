using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>What logs say of a name that could not be looked up.</summary>
internal static class ResolveFailure
{
    public static string Text(string name, ResolveStatus status) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} could not be resolved ({(int)status}: {Words(status)})");

    private static string Words(ResolveStatus status) => status switch
    {
        ResolveStatus.FormatError => "Format error",
        ResolveStatus.ServerFailure => "Server failure",
        ResolveStatus.NotFound => "Host not found",
        ResolveStatus.NotImplemented => "Unimplemented",
        ResolveStatus.Refused => "Operation refused",
        ResolveStatus.TimedOut => "Operation timed out",
        _ => "Unknown error",
    };
}
