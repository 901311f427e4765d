using Microcosm.Simulation;

namespace Microcosm.Cli;

/// <summary>All systems that this program references; the generator fills it.</summary>
[SystemCatalog]
internal static partial class KnownSystems;
