@_exported public import struct LodeConfiguration.Configuration
// What a program needs that embeds Lode, without naming the parts it is built of.
@_exported public import struct LodeCore.Diagnostic
@_exported public import struct LodeCore.Diagnostics
@_exported public import struct LodeCore.Timestamp
@_exported public import struct LodeDelivery.DeliveryFailure
@_exported public import struct LodeDelivery.Event
@_exported public import struct LodeJournal.JournalError
