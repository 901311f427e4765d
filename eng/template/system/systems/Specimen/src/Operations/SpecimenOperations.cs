using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>All operations of the assembly; the generator fills it.</summary>
[OperationTable("specimen", typeof(SpecimenOperationAttribute), typeof(SpecimenHandler))]
internal static partial class SpecimenOperations;
