using Microcosm.Simulation;

namespace Microcosm.Tidy.Tests;

/// <summary>All systems, as they declare themselves; the generator fills it.</summary>
[SystemCatalog]
internal static partial class KnownSystems;
