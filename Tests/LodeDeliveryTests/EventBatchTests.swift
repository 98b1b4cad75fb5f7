import LodeCore
import LodeDelivery
import Testing
