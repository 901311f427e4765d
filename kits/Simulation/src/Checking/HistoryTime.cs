using System.Globalization;

namespace Microcosm.Simulation;

/// <summary>World time as explanations show it.</summary>
internal static class HistoryTime
{
    public static string Text(TimeSpan at) => at.TotalSeconds.ToString("0.000###", CultureInfo.InvariantCulture) + " s";
}
