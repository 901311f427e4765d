using System.Globalization;

namespace Microcosm.Specimen;

/// <summary>The protocol's errors; a reply has <c>ERR </c> before them.</summary>
internal static class SpecimenErrors
{
    public const string TooManyConnections = "too many connections";
    public const string NotText = "not text";

    public static string UnknownOperation(string name) => $"unknown operation '{name}'";

    public static string WrongWords(string name, int words) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} takes {words - 1} words");

    public static string LineTooLong(int bytesMax) =>
        string.Create(CultureInfo.InvariantCulture, $"a line has at most {bytesMax} bytes");

    public static string TooManyKeys(int keysMax) => string.Create(CultureInfo.InvariantCulture, $"at most {keysMax} keys");
}
